# Writes HEADER and SOURCE: a symbol whose name holds VERSION and a digest of the public HEADERS (names in FOLDER,
# separated by commas), of their names and of every byte of them. The program defines it; a library that includes the
# headers refers to it, and to no other. Headers of the program's own have no part in it: libraries never see them.
# Run as a script:
# cmake -DFOLDER=… -DHEADERS=… -DVERSION=… -DHEADER=… -DSOURCE=… -P
string(REPLACE "," ";" headers "${HEADERS}")
foreach(header IN LISTS headers)
  file(SHA256 ${FOLDER}/${header} digest)
  string(APPEND digests "${header} ${digest}\n")
endforeach()
string(SHA256 digest "${digests}")
string(SUBSTRING ${digest} 0 12 digest)
string(REPLACE "." "_" version ${VERSION})
set(symbol faultline_strategies_${version}_${digest})

file(WRITE ${HEADER} "// Ties what includes it to the Faultline that these headers belong to: only its program defines
// this symbol, so that no other can load the library that refers to it. The name holds the version
// and a digest of the headers beside this one, and of nothing else: a program with the same headers
// and version takes the library, whatever else has changed in it.
#pragma once

extern \"C\" const char ${symbol};

namespace faultline {

[[gnu::used]] static const char* const kBuiltFor = &${symbol};

#ifndef __OPTIMIZE__
// Makes a run warn of its times.
[[gnu::used]] static const char kNotOptimized[] = \"faultline: compiled without optimisation\";
#endif

}  // namespace faultline
")
file(WRITE ${SOURCE} "#include \"harness/plugin/abi_tag.h\"

extern \"C\" {
extern const char ${symbol};
const char ${symbol} = 0;
}

namespace faultline {

const std::string_view kAbiTag(\"${symbol}\");

}  // namespace faultline
")
