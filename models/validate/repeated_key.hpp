// A key that stands twice in one object of a line of JSON, which the parser would not mention.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

namespace quiesce::validate {

/// The first key that stands twice in one object, as it is read: "a" and "\u0061" are one. Empty if
/// there is none.
///   cost     one pass over the text and one over the values; more only where there is such a key
[[nodiscard]] std::string repeated_key(std::string_view text, const boost::json::value& value);

}  // namespace quiesce::validate
