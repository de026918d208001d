// Answers to questions about what is written, from the lines read.
#pragma once

#include <vector>

#include "scene/answerer.hpp"
#include "scene/text_reader.hpp"
#include "text/reading_question.hpp"

namespace beholder::scene {

/// What the lines say to the question, the best answer first; none where they say nothing.
/// Of text those lines count whose letters are large against the largest, in reading order; of
/// numbers, letters, times, dates and prices the largest first; a total is the amount in the row
/// of that word.
/// @param lines in reading order, certain enough to be believed
Found answer_from_lines(text::ReadingQuestion::Wanted wanted, const std::vector<ReadLine>& lines);

}  // namespace beholder::scene
