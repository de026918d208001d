/* Asks one question about one picture:  hello MODEL_DIR PICTURE QUESTION */
#include <beholder/beholder.h>
#include <stdio.h>

int main(int argc, char** argv) {
  beholder_engine* engine = NULL;
  beholder_picture* picture = NULL;
  beholder_answers* answers = NULL;
  if (argc != 4) {
    fprintf(stderr, "usage: hello MODEL_DIR PICTURE QUESTION\n");
    return 2;
  }
  int failed = beholder_engine_load(argv[1], NULL, &engine) != BEHOLDER_OK ||
               beholder_encode_file(engine, argv[2], &picture) != BEHOLDER_OK ||
               beholder_answer(engine, picture, argv[3], NULL, &answers) != BEHOLDER_OK;
  if (failed)
    fprintf(stderr, "hello: %s\n", beholder_last_error());
  else
    printf("%s (confidence %.2f)\n", beholder_answers_text(answers, 0),
           beholder_answers_confidence(answers, 0));
  beholder_answers_free(answers);
  beholder_picture_free(picture);
  beholder_engine_free(engine);
  return failed;
}
