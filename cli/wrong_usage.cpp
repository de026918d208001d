#include "wrong_usage.hpp"

#include <algorithm>
#include <filesystem>

#include "core/check.hpp"
#include "nearest.hpp"

namespace beholder::cli {
namespace {

/// "beholder model" of the verb within.
std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name()
                                     : full_name(*app.get_parent()) + " " + app.get_name();
}

/// Those that can be typed: groups of options are kept among them, without a name.
std::vector<CLI::App*> verbs_of(CLI::App& app) {
  return app.get_subcommands([](CLI::App* one) { return !one->get_name().empty(); });
}

std::vector<std::string> names_of(CLI::App& app) {
  std::vector<std::string> out;
  for (const CLI::App* verb : verbs_of(app)) out.push_back(verb->get_name());
  return out;
}

std::vector<std::string> options_of(CLI::App& app) {
  std::vector<std::string> out;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) out.push_back("--" + name);
    for (const std::string& name : option->get_snames()) out.push_back("-" + name);
  }
  for (CLI::App* group : app.get_subcommands([](CLI::App* one) { return one->get_name().empty(); }))
    for (const std::string& name : options_of(*group)) out.push_back(name);
  return out;
}

std::string did_you_mean(const std::string& known) {
  return known.empty() ? ";" : "; did you mean " + known + "?";
}

[[noreturn]] void unknown_verb(CLI::App& app, const std::string& word) {
  const std::string name = full_name(app);
  std::string meant = nearest(word, names_of(app));
  if (meant.empty()) {
    const std::string option = nearest("--" + word, options_of(app));
    std::error_code ignored;
    if (!option.empty())
      meant = "`" + name + " " + option + "`";
    else if (app.get_parent() == nullptr && std::filesystem::exists(word, ignored))
      meant = "`" + name + " ask " + word + "`";
  }
  fail(ErrorCode::kUsage, "'", word, "' is no command of ", name, did_you_mean(meant), " `", name,
       " --help` lists them");
}

/// The verb that the words named, as deep as it goes.
CLI::App& named_verb(CLI::App& app) {
  CLI::App* verb = &app;
  while (true) {
    const auto inner = verb->get_subcommands();
    const auto named = std::find_if(inner.begin(), inner.end(),
                                    [](const CLI::App* one) { return !one->get_name().empty(); });
    if (named == inner.end()) return *verb;
    verb = *named;
  }
}

}  // namespace

void check_commands(CLI::App& app, const std::vector<std::string>& words) {
  CLI::App* verb = &app;
  for (const std::string& word : words) {
    const std::vector<CLI::App*> inner = verbs_of(*verb);
    if (inner.empty() || word.empty() || word.front() == '-') return;
    const auto found = std::find_if(inner.begin(), inner.end(),
                                    [&](const CLI::App* one) { return one->get_name() == word; });
    if (found == inner.end()) unknown_verb(*verb, word);
    verb = *found;
  }
}

std::string wrong_usage(CLI::App& app, const CLI::ParseError& error) {
  CLI::App& verb = named_verb(app);
  const std::string help = " `" + full_name(verb) + " --help` lists ";
  // Their names may be the verb's; the codes tell them apart.
  const auto is = [&](CLI::ExitCodes code) {
    return error.get_exit_code() == static_cast<int>(code);
  };
  if (is(CLI::ExitCodes::RequiredError) && !verbs_of(verb).empty())
    return "no command is given;" + help + "them";
  if (is(CLI::ExitCodes::ExtrasError)) {
    for (const std::string& word : verb.remaining()) {
      if (word.size() < 2 || word.front() != '-') continue;
      const std::string name = word.substr(0, word.find('='));
      return "'" + word + "' is no option of `" + full_name(verb) + "`" +
             did_you_mean(name.size() > 2 ? nearest(name, options_of(verb)) : "") + help + "them";
    }
  }
  std::string message = error.what();
  while (!message.empty() && message.back() == '\n') message.pop_back();
  return message + ";" + help + "the options";
}

}  // namespace beholder::cli
