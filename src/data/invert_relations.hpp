// Questions about places turned round: from "what is left of A?" – "B" to "what is right of B?".
#pragma once

#include <optional>
#include <vector>

#include "data/dataset_row.hpp"

namespace beholder::data {

/// The row that says the same from the other side, for a question "what is <place> the <thing>?"
/// whose places have an opposite (left – right of, above – below, in front of – behind) or are
/// their own (near, next to, close to, beside), with a thing of one to three words and one answer
/// that is a thing: {"what is on the left side of the lamp?", "bed"} → {"what is on the right side
/// of the bed?", "lamp"}. Nothing for any other question, a list, a number or a colour.
std::optional<QaRow> invert_relation(const QaRow& row);

/// The inversions of all rows, without those that the rows themselves already ask.
std::vector<QaRow> invert_relations(const std::vector<QaRow>& rows);

}  // namespace beholder::data
