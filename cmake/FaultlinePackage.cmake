# What is installed for those who write a strategy outside this tree: the headers, and a CMake package with the target
# Faultline::strategy and the function faultline_add_strategy().
include(CMakePackageConfigHelpers)

# All that a strategy may include. A library that was compiled with other ones is not loaded (harness/plugin).
set(faultline_package_folders harness/base harness/os harness/record strategies)
list(TRANSFORM faultline_package_folders APPEND /*.h OUTPUT_VARIABLE package_globs)
list(TRANSFORM package_globs PREPEND ${PROJECT_SOURCE_DIR}/)
file(GLOB faultline_package_headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${package_globs})
# Made by harness/plugin, included by strategies/strategy.h where it is there, and only there it is installed.
set(faultline_package_tag ${PROJECT_BINARY_DIR}/package/strategies/abi_tag.h)

set(header_destination ${CMAKE_INSTALL_INCLUDEDIR}/faultline)
foreach(folder IN LISTS faultline_package_folders)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}/ DESTINATION ${header_destination}/${folder}
          FILES_MATCHING PATTERN *.h PATTERN posix EXCLUDE)
endforeach()
install(FILES ${faultline_package_tag} DESTINATION ${header_destination}/strategies)

# Nothing to link: what a strategy calls is in the program that loads it.
add_library(faultline_strategy INTERFACE)
set_target_properties(faultline_strategy PROPERTIES EXPORT_NAME strategy)
target_include_directories(faultline_strategy INTERFACE $<INSTALL_INTERFACE:${header_destination}>)
target_compile_features(faultline_strategy INTERFACE cxx_std_20)
# The registry and the types of exceptions are one with the program's only if both see them.
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
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/FaultlineConfig.cmake.in
                              ${PROJECT_BINARY_DIR}/package/FaultlineConfig.cmake
                              INSTALL_DESTINATION ${package_destination})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/FaultlineConfigVersion.cmake COMPATIBILITY ExactVersion)
install(TARGETS faultline_strategy EXPORT FaultlineTargets)
install(EXPORT FaultlineTargets NAMESPACE Faultline:: DESTINATION ${package_destination})
install(FILES ${PROJECT_BINARY_DIR}/package/FaultlineConfig.cmake
              ${PROJECT_BINARY_DIR}/package/FaultlineConfigVersion.cmake
        DESTINATION ${package_destination})
