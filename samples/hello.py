"""Asks one question about one picture, and describes it:  hello.py PICTURE QUESTION [MODEL_DIR]"""

import sys

import beholder


def main() -> int:
    if len(sys.argv) not in (3, 4):
        print("usage: hello.py PICTURE QUESTION [MODEL_DIR]", file=sys.stderr)
        return 2
    try:
        model = beholder.Beholder.load(*sys.argv[3:])
        picture = model.encode(sys.argv[1])
        answer = model.ask(picture, sys.argv[2])
        print(f"{answer.text} (confidence {answer.confidence:.2f})")
        print(model.describe(picture)[0])
    except beholder.Error as error:
        print(f"hello: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
