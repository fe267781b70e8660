# What is installed for those who write a strategy outside this tree: the public headers, and a CMake package with the
# target Faultline::strategy and the function faultline_add_strategy(). Within this tree the package is there too, with
# Faultline_DIR as below.
include(CMakePackageConfigHelpers)

# All that a strategy may include. A library that was compiled with other ones is not loaded (harness/plugin).
file(GLOB faultline_public_headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/include
     ${PROJECT_SOURCE_DIR}/include/faultline/*.h)
# One more, which harness/plugin makes of them: it is installed beside them, and not in the source tree.
set(faultline_abi_tag_header ${PROJECT_BINARY_DIR}/package/include/faultline/abi_tag.h)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/faultline DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN *.h)
install(FILES ${faultline_abi_tag_header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/faultline)

# Nothing to link: what a strategy calls is in the program that loads it.
add_library(faultline_strategy INTERFACE)
add_library(Faultline::strategy ALIAS faultline_strategy)
set_target_properties(faultline_strategy PROPERTIES EXPORT_NAME strategy)
target_include_directories(faultline_strategy INTERFACE
                           $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
                           "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include;${PROJECT_BINARY_DIR}/package/include>")
target_compile_features(faultline_strategy INTERFACE cxx_std_20)
# The types of exceptions are one with the program's only if both see them.
target_compile_options(faultline_strategy INTERFACE -fvisibility=default)
# Strings and containers are shared with the program: the same standard library, with the same layout.
if(CMAKE_CXX_FLAGS MATCHES "-stdlib=libc\\+\\+")
  target_compile_options(faultline_strategy INTERFACE -stdlib=libc++)
  target_link_options(faultline_strategy INTERFACE -stdlib=libc++)
else()
  target_compile_options(faultline_strategy INTERFACE $<$<CXX_COMPILER_ID:Clang>:-stdlib=libstdc++>)
  target_link_options(faultline_strategy INTERFACE $<$<CXX_COMPILER_ID:Clang>:-stdlib=libstdc++>)
  target_compile_definitions(faultline_strategy INTERFACE _GLIBCXX_USE_CXX11_ABI=1)
endif()

set(package_destination ${CMAKE_INSTALL_LIBDIR}/cmake/Faultline)
set(Faultline_DIR ${PROJECT_BINARY_DIR}/package)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/FaultlineConfig.cmake.in
                              ${PROJECT_BINARY_DIR}/package/FaultlineConfig.cmake
                              INSTALL_DESTINATION ${package_destination})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/FaultlineConfigVersion.cmake COMPATIBILITY ExactVersion)
install(TARGETS faultline_strategy EXPORT FaultlineTargets)
install(EXPORT FaultlineTargets NAMESPACE Faultline:: DESTINATION ${package_destination})
install(FILES ${PROJECT_BINARY_DIR}/package/FaultlineConfig.cmake
              ${PROJECT_BINARY_DIR}/package/FaultlineConfigVersion.cmake
        DESTINATION ${package_destination})
