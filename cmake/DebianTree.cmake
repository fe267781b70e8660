# What Debian wants otherwise than `cmake --install` lays it out. CPack runs it on the tree that it is about to pack.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()
set(usr ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr)

# Manual pages are compressed; without a time, so that the same input gives the same package.
find_program(GZIP gzip REQUIRED)
execute_process(COMMAND ${GZIP} --best --no-name ${usr}/share/man/man1/faultline.1 COMMAND_ERROR_IS_FATAL ANY)

# Debian's zsh looks for the completions of packages there.
file(RENAME ${usr}/share/zsh/site-functions ${usr}/share/zsh/vendor-completions)

# Folders are for all to read, whatever the umask of the builder.
file(CHMOD_RECURSE ${usr} DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
                                                WORLD_READ WORLD_EXECUTE)
