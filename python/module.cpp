// beholder._core: the engine as Python sees it. Results cross as tuples and dictionaries of plain
// values; python/beholder makes dataclasses of them. The interpreter's lock is given up while the
// engine works.
#include <pybind11/functional.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <filesystem>
#include <utility>

#include "beholder/engine.hpp"

namespace py = pybind11;
using namespace beholder;

namespace {

/// Runs `work` without the interpreter's lock.
template <typename Work>
auto unlocked(Work&& work) {
  const py::gil_scoped_release release;
  return std::forward<Work>(work)();
}

/// A flag that stops a call from another thread.
struct Cancel {
  std::atomic<bool> stop{false};
};

const std::atomic<bool>* flag(const Cancel* cancel) { return cancel ? &cancel->stop : nullptr; }

/// The bytes of any object with a contiguous buffer; the view keeps them alive.
struct Bytes {
  explicit Bytes(const py::buffer& buffer) : info(buffer.request()) {
    size = static_cast<std::size_t>(info.size) * static_cast<std::size_t>(info.itemsize);
    data = static_cast<const std::uint8_t*>(info.ptr);
  }
  py::buffer_info info;
  const std::uint8_t* data;
  std::size_t size;
};

template <typename List, typename Convert>
py::list list_of(const List& list, Convert&& convert) {
  py::list out;
  for (const auto& one : list) out.append(convert(one));
  return out;
}

const char* method_name(Method method) {
  return method == Method::kProgram ? "program" : method == Method::kRead ? "read" : "direct";
}

py::dict timing_dict(const Timing& timing) {
  return py::dict(py::arg("decode") = timing.decode, py::arg("vision") = timing.vision,
                  py::arg("text") = timing.text, py::arg("fusion") = timing.fusion);
}

py::dict answer_dict(const Answer& answer) {
  const auto guesses = list_of(answer.top_k, [](const ScoredAnswer& guess) {
    return py::make_tuple(guess.answer, guess.probability);
  });
  return py::dict(py::arg("text") = answer.text, py::arg("confidence") = answer.confidence,
                  py::arg("abstained") = answer.abstained, py::arg("familiar") = answer.familiar,
                  py::arg("method") = method_name(answer.method), py::arg("top_k") = guesses,
                  py::arg("timing") = timing_dict(answer.timing));
}

py::list descriptions_list(const Descriptions& descriptions) {
  return list_of(descriptions.list, [](const Description& one) {
    const auto words = list_of(one.words, [](const DescribedWord& word) {
      return py::make_tuple(word.word, word.probability);
    });
    return py::make_tuple(one.text, one.probability, one.confidence, one.abstained, one.guess,
                          words);
  });
}

py::dict object_dict(const Object& object) {
  const Box& box = object.box;
  return py::dict(py::arg("name") = object.name, py::arg("attributes") = object.attributes,
                  py::arg("box") = py::make_tuple(box.left, box.top, box.right, box.bottom),
                  py::arg("center") = py::make_tuple(object.center_x, object.center_y),
                  py::arg("confidence") = object.confidence);
}

py::dict relation_dict(const Relation& relation) {
  return py::dict(py::arg("subject") = object_dict(relation.subject),
                  py::arg("relation") = relation.relation,
                  py::arg("object") = object_dict(relation.object),
                  py::arg("confidence") = relation.confidence);
}

py::dict line_dict(const TextLine& line) {
  return py::dict(py::arg("text") = line.text,
                  py::arg("corners") = list_of(
                      line.corners, [](const Point& p) { return py::make_tuple(p.x, p.y); }),
                  py::arg("confidence") = line.confidence);
}

py::dict step_dict(const TraceStep& step) {
  return py::dict(py::arg("operation") = step.operation, py::arg("text") = step.text,
                  py::arg("objects") = list_of(step.objects, object_dict),
                  py::arg("value") = step.value);
}

const char* skill_name(Skill skill) {
  switch (skill) {
    case Skill::kAnswer: return "answer";
    case Skill::kDescribe: return "describe";
    case Skill::kObjects: return "objects";
    case Skill::kRelations: return "relations";
    case Skill::kExplain: return "explain";
    case Skill::kMatch: return "match";
    case Skill::kRead: return "read";
  }
  return "";
}

AnswerOptions answer_options(int top_k, int num_beams, double min_confidence,
                             std::vector<std::string> choices, const Cancel* cancel) {
  AnswerOptions options;
  options.top_k = top_k;
  options.num_beams = num_beams;
  options.min_confidence = min_confidence;
  options.choices = std::move(choices);
  options.cancel = flag(cancel);
  return options;
}

DescribeOptions describe_options(const py::dict& given) {
  DescribeOptions options;
  const py::dict left = given.attr("copy")();
  const auto take = [&](const char* name, auto& option) {
    if (left.contains(name))
      option = left.attr("pop")(name).template cast<std::decay_t<decltype(option)>>();
  };
  take("num", options.num);
  take("num_beams", options.num_beams);
  take("consensus", options.consensus);
  take("length_penalty", options.length_penalty);
  take("prompt", options.prompt);
  take("max_new_tokens", options.max_new_tokens);
  take("temperature", options.temperature);
  take("top_k", options.top_k);
  take("top_p", options.top_p);
  take("seed", options.seed);
  take("prefix", options.prefix);
  take("suffix", options.suffix);
  take("min_words", options.min_words);
  take("max_words", options.max_words);
  take("min_new_tokens", options.min_new_tokens);
  take("no_repeat_ngram", options.no_repeat_ngram);
  take("repetition_penalty", options.repetition_penalty);
  take("min_confidence", options.min_confidence);
  if (!left.empty())
    throw Error(ErrorCode::kUsage,
                "describe has no option '" + left.begin()->first.cast<std::string>() + "'");
  return options;
}

ObjectsOptions objects_options(double min_confidence, int max_objects, const Cancel* cancel) {
  ObjectsOptions options;
  options.min_confidence = min_confidence;
  options.max_objects = max_objects;
  options.cancel = flag(cancel);
  return options;
}

void bind_pictures(py::class_<Engine>& engine) {
  engine
      .def("encode_file",
           [](const Engine& self, const std::string& path) {
             return unlocked([&] { return self.encode(std::filesystem::path(path)); });
           })
      .def("encode_bytes",
           [](const Engine& self, const py::buffer& buffer, const std::string& name) {
             const Bytes bytes(buffer);
             return unlocked([&] { return self.encode(bytes.data, bytes.size, name); });
           })
      .def("encode_rgb", [](const Engine& self, const py::buffer& buffer, int width, int height) {
        const Bytes bytes(buffer);
        if (width <= 0 || height <= 0 ||
            bytes.size != 3ull * static_cast<unsigned>(width) * static_cast<unsigned>(height))
          throw Error(ErrorCode::kUsage, "expected 3 bytes a pixel, " + std::to_string(width) +
                                             " x " + std::to_string(height) + " pixels; got " +
                                             std::to_string(bytes.size) + " bytes");
        return unlocked([&] { return self.encode_rgb(bytes.data, width, height); });
      });
}

void bind_texts(py::class_<Engine>& engine) {
  engine
      .def("answer",
           [](const Engine& self, const std::vector<Picture>& pictures,
              const std::vector<std::string>& questions, int top_k, int num_beams,
              double min_confidence, std::vector<std::string> choices, const Cancel* cancel) {
             const auto options =
                 answer_options(top_k, num_beams, min_confidence, std::move(choices), cancel);
             const auto answers =
                 unlocked([&] { return self.answer(pictures, questions, options); });
             return list_of(answers, answer_dict);
           })
      .def("describe",
           [](const Engine& self, const std::vector<Picture>& pictures, const py::dict& given,
              const std::function<bool(const std::string&)>& on_text, const Cancel* cancel) {
             DescribeOptions options = describe_options(given);
             // The callback takes the lock for itself: pybind11 does so in its wrapper.
             options.on_text = on_text;
             options.cancel = flag(cancel);
             const auto all = unlocked([&] {
               return on_text && pictures.size() == 1
                          ? std::vector<Descriptions>{self.describe(pictures.front(), options)}
                          : self.describe(pictures, options);
             });
             return list_of(all, descriptions_list);
           });
}

void bind_objects(py::class_<Engine>& engine) {
  engine
      .def("objects",
           [](const Engine& self, const std::vector<Picture>& pictures, double min_confidence,
              int max_objects, const Cancel* cancel) {
             const auto options = objects_options(min_confidence, max_objects, cancel);
             const auto all = unlocked([&] { return self.objects(pictures, options); });
             return list_of(all, [](const Objects& o) { return list_of(o.list, object_dict); });
           })
      .def("relations",
           [](const Engine& self, const std::vector<Picture>& pictures, double min_confidence,
              int max_objects, const Cancel* cancel) {
             const auto options = objects_options(min_confidence, max_objects, cancel);
             const auto all = unlocked([&] { return self.relations(pictures, options); });
             return list_of(all, [](const Relations& r) { return list_of(r.list, relation_dict); });
           })
      .def("read",
           [](const Engine& self, const std::vector<Picture>& pictures, double min_confidence,
              const Cancel* cancel) {
             const ReadOptions options{min_confidence, flag(cancel)};
             const auto all = unlocked([&] { return self.read(pictures, options); });
             return list_of(all, [](const Reading& r) { return list_of(r.list, line_dict); });
           })
      .def("explain", [](const Engine& self, const Picture& picture, const std::string& question,
                         double min_confidence, const Cancel* cancel) {
        const auto options =
            answer_options(1, AnswerOptions{}.num_beams, min_confidence, {}, cancel);
        const auto found = unlocked([&] { return self.explain(picture, question, options); });
        return py::make_tuple(answer_dict(found.answer), found.program,
                              list_of(found.steps, step_dict), found.failure);
      });
}

void bind_scores(py::class_<Engine>& engine) {
  engine
      .def("score_description",
           [](const Engine& self, const Picture& picture, const std::string& description) {
             const auto score = unlocked([&] { return self.score(picture, description); });
             return py::make_tuple(score.log_probability, score.probability);
           })
      .def("score_answer",
           [](const Engine& self, const Picture& picture, const std::string& question,
              const std::string& answer) {
             const auto score = unlocked([&] { return self.score(picture, question, answer); });
             return py::make_tuple(score.log_probability, score.probability);
           })
      .def("match",
           [](const Engine& self, const Picture& picture, const std::string& text) {
             const auto match = unlocked([&] { return self.match(picture, text); });
             return py::make_tuple(match.probability, match.cosine);
           })
      .def("attention",
           [](const Engine& self, const Picture& picture, const std::string& question,
              const std::string& text) {
             const auto map = unlocked([&] { return self.attention(picture, question, text); });
             py::list words;
             for (const auto& word : map.words)
               words.append(py::make_tuple(word.text, word.weights));
             return py::make_tuple(map.rows, map.columns, map.overall, words);
           })
      .def("embed_picture",
           [](const Engine& self, const Picture& picture) {
             return unlocked([&] { return self.embed(picture); });
           })
      .def("embed_text", [](const Engine& self, const std::string& text) {
        return unlocked([&] { return self.embed(text); });
      });
}

}  // namespace

PYBIND11_MODULE(_core, module) {
  // The class that python/beholder/errors.py chooses by code and message.
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const Error& error) {
      const py::object make = py::module_::import("beholder._errors").attr("make_error");
      // Paths in messages need not be UTF-8.
      const py::object text = py::reinterpret_steal<py::object>(PyUnicode_DecodeUTF8(
          error.what(), static_cast<Py_ssize_t>(std::string(error.what()).size()), "replace"));
      const py::object made = make(error_code_name(error.code()), text);
      PyErr_SetObject(py::type::of(made).ptr(), made.ptr());
    }
  });

  py::class_<Picture>(module, "Picture")
      .def(py::init<>())
      .def_property_readonly("width", &Picture::width)
      .def_property_readonly("height", &Picture::height)
      .def_property_readonly("timing",
                             [](const Picture& self) { return timing_dict(self.timing()); });
  py::class_<Cancel>(module, "Cancel")
      .def(py::init<>())
      .def("set", [](Cancel& self) { self.stop = true; })
      .def("clear", [](Cancel& self) { self.stop = false; })
      .def("is_set", [](const Cancel& self) { return self.stop.load(); });

  py::class_<Engine> engine(module, "Engine");
  engine
      .def(py::init([](const std::string& directory, int threads, bool int8, bool mirror,
                       std::uint64_t max_pixels, std::uint64_t cache_bytes, bool auto_colors,
                       bool manage_colors) {
        EngineOptions options;
        options.threads = threads;
        options.int8 = int8;
        options.mirror = mirror;
        options.max_pixels = max_pixels;
        options.cache_bytes = cache_bytes;
        if (!auto_colors)
          options.color_management =
              manage_colors ? beholder::ColorManagement::kOn : beholder::ColorManagement::kOff;
        return unlocked([&] { return Engine::load(std::filesystem::path(directory), options); });
      }))
      .def("info", [](const Engine& self) {
        const auto info = self.info();
        return py::dict(py::arg("directory") = py::bytes(info.directory),
                        py::arg("parameter_bytes") = info.parameter_bytes,
                        py::arg("skills") = list_of(info.skills, skill_name),
                        py::arg("default_min_confidence") = info.default_min_confidence,
                        py::arg("max_question_tokens") = info.max_question_tokens,
                        py::arg("color_management") = info.color_management,
                        py::arg("default_min_description_confidence") =
                            info.default_min_description_confidence);
      });
  bind_pictures(engine);
  bind_texts(engine);
  bind_objects(engine);
  bind_scores(engine);
}
