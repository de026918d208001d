#include "scene/scene_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>

#include "generation/caption_rules.hpp"
#include "generation/word_limits.hpp"
#include "text/content_words.hpp"

namespace beholder::scene {
namespace {

/// "large red metal cube"
std::string phrase(const Object& object) {
  std::string out;
  for (const std::string& attribute : object.attributes) out += attribute + " ";
  return out + object.name;
}

std::string counted(std::size_t count, const std::string& what) {
  static const std::array<const char*, 11> kWords = {
      "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"};
  if (count != 1)
    return (count < kWords.size() ? kWords[count] : std::to_string(count)) + (" " + what) + "s";
  const bool vowel = std::string("aeiou").find(what.front()) != std::string::npos;
  return (vowel ? "an " : "a ") + what;
}

/// "a cube, two spheres and a cylinder", in the order in which each kind comes first.
std::string listed(const std::vector<std::string>& things) {
  std::vector<std::pair<std::string, std::size_t>> kinds;
  for (const std::string& thing : things) {
    const auto known = std::find_if(kinds.begin(), kinds.end(),
                                    [&](const auto& kind) { return kind.first == thing; });
    if (known == kinds.end())
      kinds.emplace_back(thing, 1);
    else
      ++known->second;
  }
  std::string out;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (i > 0) out += i + 1 == kinds.size() ? " and " : ", ";
    out += counted(kinds[i].second, kinds[i].first);
  }
  return out;
}

/// The words of a text that tell of the objects named, each with the mean confidence of those that
/// it tells of.
std::vector<DescribedWord> words_of(const std::string& text, const std::vector<std::size_t>& named,
                                    const SceneView& view) {
  std::vector<DescribedWord> out;
  for (const std::string& word : text::content_words(text)) {
    double sum = 0, count = 0;
    for (const std::size_t i : named) {
      const Object& object = view.objects[i];
      const bool told = word == object.name || word == object.name + "s" ||
                        std::find(object.attributes.begin(), object.attributes.end(), word) !=
                            object.attributes.end();
      sum += told ? object.confidence : 0;
      count += told ? 1 : 0;
    }
    if (count > 0) out.push_back({word, sum / count});
  }
  return out;
}

}  // namespace

std::vector<Description> describe_scene(const SceneView& view, const DescribeOptions& options) {
  std::vector<Description> out;
  const auto say = [&](const std::string& text, const std::vector<std::size_t>& named) {
    const bool said =
        std::any_of(out.begin(), out.end(), [&](const auto& one) { return one.text == text; });
    if (said || static_cast<int>(out.size()) >= options.num ||
        !generation::within_words(text, options.min_words, options.max_words))
      return;
    double logs = 0, sum = 0;
    for (const std::size_t i : named) {
      logs += std::log(std::max(1e-9, view.objects[i].confidence));
      sum += view.objects[i].confidence;
    }
    Description one;
    one.text = one.guess = text;
    one.probability = std::exp(logs / static_cast<double>(named.size()));
    one.confidence = sum / static_cast<double>(named.size());
    one.words = words_of(text, named, view);
    out.push_back(std::move(one));
  };
  std::vector<std::size_t> all(view.objects.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  if (all.empty()) return out;
  std::vector<std::string> phrases, shapes;
  for (const Object& object : view.objects) {
    phrases.push_back(phrase(object));
    shapes.push_back(object.name);
  }
  say(listed(phrases), all);
  const std::string count = counted(all.size(), "thing");
  say(count + ": " + listed(shapes), all);
  std::vector<std::size_t> across = all;
  std::stable_sort(across.begin(), across.end(), [&](std::size_t a, std::size_t b) {
    return view.world.things[a].across < view.world.things[b].across;
  });
  std::string row;
  for (const std::size_t i : across) row += (row.empty() ? "" : ", ") + counted(1, phrases[i]);
  say("from left to right: " + row, all);
  // Less and more of the same, for those who limit the number of words.
  if (options.max_words > 0) {
    say(listed(shapes), all);
    say(count, all);
  }
  if (options.min_words > 0) {
    say(count + ": " + listed(phrases), all);
    say(count + ", from left to right: " + row, all);
    say(listed(phrases) + "; from left to right: " + row, all);
  }
  for (const std::size_t a : all)
    for (std::size_t b = a + 1; b < all.size(); ++b) {
      const bool left = view.world.things[a].across < view.world.things[b].across;
      say(counted(1, phrases[a]) + (left ? " left of " : " right of ") + counted(1, phrases[b]),
          {a, b});
    }
  generation::check_kept(out, options);
  return out;
}

}  // namespace beholder::scene
