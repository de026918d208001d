// beholder.h: what is written in a picture.
#include "capi/edge.hpp"
#include "capi/handles.hpp"

using beholder::capi::check_given;
using beholder::capi::guarded;

beholder_read_options beholder_read_options_default(void) {
  const beholder::ReadOptions defaults;
  return {sizeof(beholder_read_options), defaults.min_confidence, nullptr};
}

beholder_code beholder_read(const beholder_engine* engine, const beholder_picture* picture,
                            const beholder_read_options* options, beholder_reading** reading) {
  return guarded([&] {
    check_given({{engine, "engine"}, {picture, "picture"}}, reading, "reading");
    const beholder_read_options given =
        beholder::capi::read_options(options, beholder_read_options_default());
    const beholder::ReadOptions asked{given.min_confidence, beholder::capi::flag(given.cancel)};
    *reading = new beholder_reading{engine->engine.read(picture->picture, asked).list};
  });
}

size_t beholder_reading_count(const beholder_reading* reading) {
  return reading ? reading->list.size() : 0;
}

beholder_code beholder_reading_get(const beholder_reading* reading, size_t i,
                                   beholder_text_line* line) {
  return guarded([&] {
    check_given(reading, "reading");
    check_given(line, "line");
    beholder::check(i < reading->list.size(), beholder::ErrorCode::kUsage, "there is no line ", i);
    const beholder::TextLine& found = reading->list[i];
    line->text = found.text.c_str();
    for (size_t k = 0; k < found.corners.size(); ++k)
      line->corners[k] = {found.corners[k].x, found.corners[k].y};
    line->confidence = found.confidence;
  });
}

void beholder_reading_free(beholder_reading* reading) { delete reading; }
