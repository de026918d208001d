// What is written in a picture, line by line.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "io/safetensors.hpp"
#include "text/ctc.hpp"
#include "vision/text_detector.hpp"
#include "vision/text_recognizer.hpp"
#include "vision/text_regions.hpp"

namespace beholder::scene {

/// The `reading` section of a model's config.json.
struct ReadingConfig {
  double min_confidence = 0.5;  ///< less certain lines are left out, unless asked for
  /// Smaller pictures are enlarged until their shorter side has so many px, for the network that
  /// finds lines: what is written in photos is small.
  int min_side = 736;
};

/// A line of text in a picture.
struct ReadLine {
  std::string text;                         ///< UTF-8, not empty
  std::array<vision::Corner, 4> corners{};  ///< from the upper left one clockwise, px of the page
  double confidence = 0;                    ///< mean probability of its characters, 0..1
};

/// Finds lines and reads each (PP-OCR, Du et al. 2020, with the networks of its fourth version).
/// The networks are made when they are first needed. Any number of threads may ask.
class TextReader {
 public:
  /// Beside the model's other weights.
  static constexpr const char* kDetectionFile = "text_detection.safetensors";
  static constexpr const char* kRecognitionFile = "text_recognition.safetensors";
  static constexpr const char* kCharactersFile = "characters.txt";
  /// The longer side of what is looked at; larger pictures are shrunk to it, px.
  static constexpr int kMostSide = 2000;

  /// @param folder of the model  @throws Error kFileNotFound, kFileAccess, kModelFormat
  TextReader(const std::filesystem::path& folder, ReadingConfig config);

  /// What of a picture is looked at.
  static vision::Image page_of(const vision::Image& image);

  /// In reading order, the uncertain ones too.
  /// @param page `page_of`  @param cancel as in AnswerOptions
  /// @throws Error kModelFormat for weights that do not fit or are not finite; kCancelled
  std::vector<ReadLine> read(const vision::Image& page, const std::atomic<bool>* cancel) const;

  /// Makes the networks, so that weights that do not fit are found. @throws Error kModelFormat
  void load() const;

  const ReadingConfig& config() const { return config_; }
  const io::SafetensorsFile& detection_file() const { return detection_file_; }
  const io::SafetensorsFile& recognition_file() const { return recognition_file_; }

 private:
  const vision::TextDetector& detector() const;
  const vision::TextRecognizer& recognizer() const;
  text::ReadText read_line(const vision::Image& line) const;

  ReadingConfig config_;
  io::SafetensorsFile detection_file_, recognition_file_;
  text::Characters characters_;
  mutable std::mutex mutex_;
  mutable std::unique_ptr<const vision::TextDetector> detector_;
  mutable std::unique_ptr<const vision::TextRecognizer> recognizer_;
};

/// Lines that stand beside one another come from left to right, others from top to bottom.
void sort_as_read(std::vector<ReadLine>& lines);

/// Where a line stands, px of the page.
struct LinePlace {
  float left = 0, right = 0;  ///< its ends
  float middle = 0;           ///< its height in the page, y
  float height = 0;           ///< of its letters
};
LinePlace place_of(const ReadLine& line);
/// Whether two lines stand beside one another.
bool same_row(const LinePlace& a, const LinePlace& b);

}  // namespace beholder::scene
