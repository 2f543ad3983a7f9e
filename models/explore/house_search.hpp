// The search of `house` at a number of words a state: each number is compiled for itself.
#pragma once

#include <cstddef>

namespace quiesce::explore {

class HouseMachine;
struct SearchRequest;

/// Searches states of 2, 3, 4 or 7 words, the numbers that house_search.cpp.in is made for.
template <std::size_t words>
void search_house(const HouseMachine& machine, SearchRequest& request);

}  // namespace quiesce::explore
