#include "nn/positional_encoding.hpp"

#include <gtest/gtest.h>

#include "beholder/error.hpp"

namespace beholder::nn {
namespace {

TEST(LearnedPositions, AreRowsOfTheTableUpToTheLast) {
  TrainableParameters source({}, {}, 3);
  const LearnedPositions positions(source, "p", 6, 4);
  const at::Tensor table = source.all().at("p.weight");
  EXPECT_TRUE(at::equal(positions.forward(2, 4), table.slice(0, 2, 6)));
  EXPECT_THROW(positions.forward(3, 4), Error);
}

TEST(GridPositions, StretchBetweenTheLearnedPlaces) {
  TrainableParameters source({}, {}, 3);
  const GridPositions positions(source, "v", 3, 4);
  const at::Tensor rows = source.all().at("v.row_embeddings.weight"),
                   columns = source.all().at("v.column_embeddings.weight");
  const at::Tensor square = positions.forward(3, 3);  // (9, 4)
  EXPECT_TRUE(at::allclose(square[5], rows[1] + columns[2]));
  const at::Tensor wide = positions.forward(3, 6);
  EXPECT_TRUE(at::allclose(wide[0], square[0])) << "edges stay on edges";
  EXPECT_TRUE(at::allclose(wide[17], square[8]));
  EXPECT_TRUE(at::allclose(wide[1], rows[0] + 0.75 * columns[0] + 0.25 * columns[1]));
}

}  // namespace
}  // namespace beholder::nn
