# What is installed to be read: the pages of docs/ with what they link to, laid out as in the source tree, so that their
# links lead somewhere.
set(documentation_destination ${CMAKE_INSTALL_DATADIR}/doc/faultline)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md
        DESTINATION ${documentation_destination})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs ${PROJECT_SOURCE_DIR}/examples
        DESTINATION ${documentation_destination})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/results DESTINATION ${documentation_destination})
