// What happens in a sample beyond its rule and answer: cases of leaks, budgets, limits and time.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/external/smt/samples.hpp"

namespace quiesce::smt {

/// How many obligations the returning task of a sample left Reserved without being Cancelled.
[[nodiscard]] std::uint32_t leaks_found(const Sample& sample);

/// The cases by name, each with the number of samples in which it occurs; a case without a sample
/// counts 0.
[[nodiscard]] std::map<std::string, std::size_t> situations(const std::vector<Sample>& samples);

}  // namespace quiesce::smt
