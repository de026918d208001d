// The one JSON form of what an engine says, wherever it is written: `Json(answer)`,
// `row.update(Json(objects))`. README.md tells users what the keys mean.
//
// Texts are the engine's own bytes: write the JSON with `dumped`, which replaces what is not UTF-8.
#pragma once

#include "beholder/types.hpp"
#include "json/text.hpp"

namespace beholder {

/// {"decode", "vision", "text", "fusion"}, milliseconds
void to_json(Json& out, const Timing& timing);

/// {"answer", "probability"}
void to_json(Json& out, const ScoredAnswer& candidate);

/// {"answer", "confidence", "abstained", "familiar", "method", "top_k", "timing_ms"}
void to_json(Json& out, const Answer& answer);

/// {"word", "probability"}
void to_json(Json& out, const DescribedWord& word);

/// {"text", "probability", "confidence", "abstained", "guess", "words"}
void to_json(Json& out, const Description& description);

/// {"descriptions", "timing_ms"}
void to_json(Json& out, const Descriptions& descriptions);

/// {"name", "attributes", "box": [left, top, right, bottom], "center": [x, y], "confidence"}; boxes
/// and centres to a tenth of a pixel
void to_json(Json& out, const Object& object);

/// {"objects", "timing_ms"}
void to_json(Json& out, const Objects& objects);

/// {"subject", "relation", "object", "confidence"}
void to_json(Json& out, const Relation& relation);

/// {"relations", "timing_ms"}
void to_json(Json& out, const Relations& relations);

/// {"text", "corners": [[x, y], …], "confidence"}; corners to a tenth of a pixel
void to_json(Json& out, const TextLine& line);

/// {"lines", "timing_ms"}
void to_json(Json& out, const Reading& reading);

/// "direct", "program" or "read"
const char* method_name(Method method);

/// {"operation", "text", "objects", "value"}
void to_json(Json& out, const TraceStep& step);

/// The answer's keys, then {"program", "steps", "failure"}; "failure" is null where there is none.
void to_json(Json& out, const Explanation& explanation);

/// {"rows", "columns", "weights", "words": [{"word", "weights"}]}
void to_json(Json& out, const AttentionMap& map);

}  // namespace beholder
