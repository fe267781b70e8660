# Writes HEADER and SOURCE: a symbol whose name holds VERSION and a digest of the HEADERS (names in FOLDER, separated by
# commas). The program defines it; who includes the installed headers refers to it, and to no other. Run as a script:
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
// this symbol, so that no other can load the library that refers to it.
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
