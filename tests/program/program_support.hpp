// A small world and short ways to run programs on it.
#pragma once

#include <stdexcept>
#include <string>

#include "beholder/error.hpp"
#include "program/executor.hpp"

namespace beholder::program {

template <typename Body>
Error error_of(const Body& body) {
  try {
    body();
  } catch (const Error& error) {
    return error;
  }
  throw std::logic_error("no error was thrown");
}

/// From left to right: a large red metal cube (0), a small red rubber sphere (1), a small blue
/// rubber cube (2) behind them, and a large green metal cylinder (3) in front.
inline World small_world() {
  World world;
  world.margin = 0.2;
  const auto thing = [&](const char* size, const char* color, const char* material,
                         const char* shape, double across, double depth, double extent) {
    Thing out;
    out.attributes = {{"size", size}, {"color", color}, {"material", material}, {"shape", shape}};
    out.across = across;
    out.depth = depth;
    out.height = out.extent = extent;
    world.things.push_back(out);
  };
  thing("large", "red", "metal", "cube", -2, 0, 0.7);
  thing("small", "red", "rubber", "sphere", -1, 0.1, 0.35);
  thing("small", "blue", "rubber", "cube", 1, 2, 0.35);
  thing("large", "green", "metal", "cylinder", 2, -2, 0.71);
  return world;
}

}  // namespace beholder::program
