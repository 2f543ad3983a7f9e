// The digest of the sources that this program was built from.
#pragma once

#include <string_view>

namespace quiesce::cli {

/// Twelve hexadecimal digits over the sources of spec, impl and models, mutants included; written
/// by the build (cmake/source_digest.cmake).
[[nodiscard]] std::string_view source_digest();

}  // namespace quiesce::cli
