// How large a picture becomes: the arithmetic of `size` and of tiles, without pixels.
#pragma once

namespace beholder::vision {

struct ImageSize {
  int width = 0, height = 0;  ///< px
};

inline bool operator==(const ImageSize& a, const ImageSize& b) {
  return a.width == b.width && a.height == b.height;
}

/// What `do_resize`, `size` and `size_divisor` of a preprocessor_config.json say.
struct ResizeRule {
  enum class Fit {
    kKeep,          ///< as it is
    kExact,         ///< to width x height, whatever the shape
    kInside,        ///< as large as fits into width x height
    kShortestEdge,  ///< the shorter side becomes shortest_edge
    kLongestEdge    ///< the longer side becomes longest_edge, at most 4096, the other one even
  };
  Fit fit = Fit::kKeep;
  int width = 0, height = 0;  ///< kExact, kInside; px
  int shortest_edge = 0;      ///< kShortestEdge; px
  int longest_edge = 0;       ///< kLongestEdge; of kShortestEdge a bound, 0: none; px
  /// Of kShortestEdge without a bound, where not 0: the longer side is at most 1333 / 800 of
  /// shortest_edge, and both sides are rounded down to multiples of this.
  int size_divisor = 0;

  static ResizeRule exact(int width, int height) { return {Fit::kExact, width, height, 0, 0, 0}; }
  static ResizeRule square(int side) { return exact(side, side); }
  static ResizeRule shortest(int edge) { return {Fit::kShortestEdge, 0, 0, edge, 0, 0}; }
  static ResizeRule longest(int edge) { return {Fit::kLongestEdge, 0, 0, 0, edge, 0}; }
};

/// What a picture becomes, rounded as transformers' image processors round it; at least 1 px (or
/// one size_divisor), where those fail.
/// @throws Error kPictureTooLarge for a side above 2^30 px
ImageSize resized_size(const ResizeRule& rule, ImageSize picture);

/// How a picture is cut into square tiles, as Idefics3's processor does: made as large as the rule
/// says, stretched to whole tiles, cut; the whole picture, squashed to one tile, comes last.
struct TilePlan {
  ImageSize resized;          ///< by the rule
  ImageSize stretched;        ///< whole tiles; one tile where the picture is not split
  int rows = 0, columns = 0;  ///< of tiles; 0 where the picture is not split

  int images() const { return rows * columns + 1; }
};

/// @param tile_size side of a tile, px
/// @param max_tiles most tiles beside the whole picture. A picture that would have more is made
///   smaller, a tile's side at a time, until it fits; one that cannot be is not split.
TilePlan plan_tiles(const ResizeRule& rule, int tile_size, ImageSize picture, int max_tiles);

}  // namespace beholder::vision
