#include "harness/report/group_answer.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>
#include <vector>

#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/base/text_table.h"
#include "harness/report/answer.h"
#include "harness/verdict/figure_text.h"

namespace faultline {
namespace {

using verdict::GroupRanking;
using verdict::JudgedGroup;

class Answerer {
 public:
  Answerer(const RunDocument& document, std::size_t place, const RunCourse& course,
           const TableStyle& style)
      : document_(document),
        group_(document.groups()[place]),
        judged_(document.judged()[place]),
        course_(course),
        style_(style),
        place_(place),
        load_(document.trials()[group_.trials.front()].load) {}

  std::string Answer() const {
    if (!WasRun()) return {};
    const std::vector<std::string> candidates = Candidates();
    std::vector<std::string> figures = HeadlineFigures(load_);
    if (load_ != LoadMode::kOpen && HasLatency(document_, group_))
      figures.emplace_back("latency.p99");
    std::vector<std::string> sentences;
    for (const std::string& name : figures) {
      const FigureInfo& figure = *FindFigure(name);
      const bool first = name == figures.front();
      std::string sentence =
          AnswerOf(judged_, figure, candidates, first ? fmt::format(" ({})", figure.word) : "",
                   [this](std::uint64_t rounds) { return Hint(rounds); });
      const bool said = std::find(sentences.begin(), sentences.end(), sentence) != sentences.end();
      if (sentence.empty() || said) continue;
      if (!sentences.empty()) sentence = fmt::format("{}, {}", figure.word, sentence);
      sentences.push_back(std::move(sentence));
    }
    if (sentences.empty()) sentences.push_back(WhyNoAnswer(candidates));
    std::string text = fmt::format("{} ", Styled("Answer:", CellStyle::kBest, style_.colours));
    for (std::size_t i = 0; i < sentences.size(); ++i) {
      const bool last = i + 1 == sentences.size();
      if (i > 0) text += "        ";
      text += fmt::format("{}\n", Wrap(sentences[i] + (last ? "." : ";"), 8, 8));
    }
    return text;
  }

  std::string Noise() const {
    std::string text;
    const std::string figure = HeadlineFigures(load_).front();
    for (const std::size_t trial : group_.trials) {
      if (SpecOf(trial).copy == 1) continue;
      const std::string& strategy = SpecOf(trial).strategy.text();
      const auto noise = NoiseOf(judged_, figure, strategy, NameOf(trial));
      if (!noise) continue;
      const std::string factor = FactorText(noise->factor);
      if (!noise->different) {
        text += fmt::format("Noise: identical runs differed by up to {}.\n", factor);
        continue;
      }
      text += Styled(Wrap(fmt::format("Warning: {} and {} are the same strategy and were found "
                                      "different: identical runs differed by up to {}. Distrust "
                                      "differences smaller than that.",
                                      strategy, NameOf(trial), factor),
                          0, 9),
                     CellStyle::kTrouble, style_.colours) +
              "\n";
    }
    return text;
  }

 private:
  const TrialSpec& SpecOf(std::size_t trial) const { return document_.trials()[trial]; }
  std::string NameOf(std::size_t trial) const { return StrategyTitle(SpecOf(trial)); }

  // Names of the strategies that are compared, without the second ones of A/A pairs.
  std::vector<std::string> Candidates() const {
    std::vector<std::string> names;
    for (const std::size_t trial : group_.trials) {
      if (Stores(SpecOf(trial)) && SpecOf(trial).copy == 1) names.push_back(NameOf(trial));
    }
    return names;
  }

  std::string Hint(std::uint64_t rounds) const {
    const std::string repetitions = fmt::format("--repetitions {}", rounds);
    if (course_.end == RunEnd::kFixed || place_ >= course_.group_seconds.size()) {
      return repetitions;
    }
    double seconds = 0;
    for (const double of_group : course_.group_seconds) seconds += of_group;
    const double own = course_.group_seconds[place_];
    seconds += own / static_cast<double>(std::max<std::uint64_t>(1, RoundsOf(document_, group_))) *
                   static_cast<double>(rounds) -
               own;
    const double step = std::pow(10, std::max(0.0, std::floor(std::log10(seconds)) - 1));
    return fmt::format("--budget {}", FormatReal(std::ceil(seconds / step) * step, 0));
  }

  bool WasRun() const {
    return std::any_of(group_.trials.begin(), group_.trials.end(),
                       [this](std::size_t trial) { return !document_.repetitions(trial).empty(); });
  }

  std::string WhyNoAnswer(const std::vector<std::string>& candidates) const {
    if (candidates.empty()) return "nothing here stores anything, so there is nothing to compare";
    const GroupRanking* ranking = RankingOf(judged_, HeadlineFigures(load_).front());
    if (ranking == nullptr) return "no strategy has a usable measurement";
    if (candidates.size() == 1) {
      return fmt::format("{} was measured alone; there is nothing to compare it with",
                         candidates.front());
    }
    return fmt::format("{} is the only one with a usable measurement", ranking->leader());
  }

  const RunDocument& document_;
  const TrialGroup& group_;
  const JudgedGroup& judged_;
  const RunCourse& course_;
  const TableStyle& style_;
  std::size_t place_;
  LoadMode load_;
};

}  // namespace

std::uint64_t RoundsOf(const RunDocument& document, const TrialGroup& group) {
  std::uint64_t most = 0;
  for (const std::size_t trial : group.trials) {
    const auto& rounds = document.rounds(trial);
    most = std::max<std::uint64_t>(most, std::set(rounds.begin(), rounds.end()).size());
  }
  return most;
}

bool HasLatency(const RunDocument& document, const TrialGroup& group) {
  return std::any_of(group.trials.begin(), group.trials.end(), [&document](std::size_t trial) {
    return document.summary(trial).Figure("latency.p50").has_value();
  });
}

const GroupRanking* RankingOf(const JudgedGroup& judged, const std::string& figure) {
  const auto found = judged.rankings.find(figure);
  return found == judged.rankings.end() || found->second.empty() ? nullptr : &found->second;
}

std::string GroupAnswer(const RunDocument& document, std::size_t place, const RunCourse& course,
                        const TableStyle& style) {
  return Answerer(document, place, course, style).Answer();
}

std::string GroupNoise(const RunDocument& document, std::size_t place, const TableStyle& style) {
  const RunCourse course;
  return Answerer(document, place, course, style).Noise();
}

}  // namespace faultline
