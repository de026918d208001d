#include "eval/evaluate_relations.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "data/readers.hpp"
#include "eval/rows.hpp"
#include "scene/caption_relations.hpp"

namespace beholder::eval {
namespace {

/// What the boxes alone tell, whoever says it.
bool mere_geometry(const std::string& words) {
  static const std::set<std::string> all = {"left of", "right of", "above",       "below",
                                            "inside",  "on",       "near",        "larger than",
                                            "behind",  "in",       "in front of", "under"};
  return all.count(words) > 0;
}

bool among(const std::vector<std::string>& kinds, const std::string& name) {
  return std::find(kinds.begin(), kinds.end(), name) != kinds.end();
}

bool same(const scene::Said& one, const Relation& relation) {
  return one.words == relation.relation && among(one.subjects, relation.subject.name) &&
         among(one.others, relation.object.name);
}

/// The different relations of a picture's captions.
std::vector<scene::Said> relations_there(const std::vector<std::string>& captions) {
  std::vector<scene::Said> out;
  std::set<std::tuple<std::vector<std::string>, std::string, std::vector<std::string>>> seen;
  for (const std::string& caption : captions)
    for (scene::Said& one : scene::relations_in(caption))
      if (!mere_geometry(one.words) && seen.insert({one.subjects, one.words, one.others}).second)
        out.push_back(std::move(one));
  return out;
}

}  // namespace

RelationFigures evaluate_relations(const Engine& engine, const std::filesystem::path& file,
                                   double min_confidence, std::int64_t limit,
                                   const Progress& progress) {
  std::vector<data::CaptionRow> rows = data::read_caption_jsonl(file);
  cut(rows, limit);
  RelationFigures out;
  ObjectsOptions options;
  options.min_confidence = min_confidence;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    tell(progress, i, rows.size());
    Picture picture;
    try {
      picture = engine.encode(rows[i].image);
    } catch (const Error& error) {
      out.unreadable.emplace_back(error.what());
      continue;
    }
    ++out.pictures;
    const std::vector<scene::Said> there = relations_there(rows[i].captions);
    const std::vector<Relation> given = engine.relations(picture, options).list;
    out.there += there.size();
    for (const Relation& relation : given) {
      if (mere_geometry(relation.relation)) continue;
      ++out.said;
      out.right += std::any_of(there.begin(), there.end(),
                               [&](const scene::Said& one) { return same(one, relation); })
                       ? 1
                       : 0;
    }
    for (const scene::Said& one : there)
      out.found += std::any_of(given.begin(), given.end(),
                               [&](const Relation& relation) { return same(one, relation); })
                       ? 1
                       : 0;
  }
  check_any_read(out.pictures > 0, file, out.unreadable);
  return out;
}

}  // namespace beholder::eval
