# Writes OUTPUT: a C++ source that tells a digest of the sources of spec, impl and models, mutants
# included. A replay line carries it, so that a line from other sources is told apart.
#   cmake -DROOT=... -DOUTPUT=... -P source_digest.cmake
file(GLOB_RECURSE sources RELATIVE ${ROOT}
     ${ROOT}/spec/*.hpp ${ROOT}/spec/*.cpp ${ROOT}/impl/*.hpp ${ROOT}/impl/*.cpp
     ${ROOT}/models/*.hpp ${ROOT}/models/*.cpp ${ROOT}/models/*.diff)
list(SORT sources)
set(sum "")
foreach(source IN LISTS sources)
  file(SHA256 ${ROOT}/${source} hash)
  string(APPEND sum "${source} ${hash}\n")
endforeach()
string(SHA256 digest "${sum}")
string(SUBSTRING ${digest} 0 12 digest)
set(text "#include \"models/cli/source_digest.hpp\"\n\nnamespace quiesce::cli {\nstd::string_view source_digest() { return \"${digest}\"; }\n}  // namespace quiesce::cli\n")
file(WRITE "${OUTPUT}.new" "${text}")
file(COPY_FILE "${OUTPUT}.new" "${OUTPUT}" ONLY_IF_DIFFERENT)
file(REMOVE "${OUTPUT}.new")
