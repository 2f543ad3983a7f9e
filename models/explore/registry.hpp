// The models of `quiesce explore`: each file of models/explore/models describes one.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "models/explore/result.hpp"

namespace quiesce::explore {

struct SearchRequest;

/// A number that bounds a model: `--tasks 2`.
struct BoundFlag {
  std::string_view name;
  std::string_view help;
  std::int64_t otherwise;  ///< if it is not given
  std::int64_t least;
  std::int64_t most;
};

/// A word that a model takes: `--granularity small`.
struct ChoiceFlag {
  std::string_view name;
  std::string_view help;
  std::vector<std::string_view> words;  ///< the first is meant if none is given
  std::string_view needs{};             ///< a bound: while it is 0 the word says nothing
};

/// One search that must come out as it did before: a row of the default set.
struct ManifestEntry {
  std::string_view model;  ///< filled in by manifest()
  std::string_view question;
  std::string_view bounds;  ///< "tasks 2 regions 2 …", in the words of the command line's flags
  std::string_view why;     ///< the reason for the bounds
  std::string_view breaks;  ///< the sentence that must be broken; empty: every one holds
  std::uint64_t states;     ///< distinct; up to the end of the level that breaks it, if one does
  std::uint64_t transitions;
  std::uint64_t graph;          ///< the digest of all steps and refusals
  bool progress = false;        ///< with --progress
  bool asks_all_cases = false;  ///< filled in by manifest()
};

/// A model that can be named on the command line.
struct ExplorableModel {
  std::string_view name;
  std::string_view sentence;
  std::vector<BoundFlag> bounds;
  std::vector<ChoiceFlag> choices;
  std::vector<std::string_view> symmetry;  ///< kinds of names that --symmetry can identify
  std::vector<ManifestEntry> entries;
  void (*search)(SearchRequest&);  ///< builds the model and hands it to search_with
  bool has_progress = false;       ///< `search` hands it to search_and_judge
  bool has_reduction = false;      ///< what `search` hands on is a ReducibleModel
  bool asks_all_cases = false;     ///< its entries reach every case, or it says why not
  bool is_sample = false;          ///< `search` draws; it has no states to keep
};

/// In the order of their files' names. Each file x.cpp of models/explore/models defines
/// `ExplorableModel model_x()`.
[[nodiscard]] std::span<const ExplorableModel> explorable_models();

}  // namespace quiesce::explore
