# The Debian package of everything that is installed: `cpack -G DEB` in a build folder, once all is built. To be included
# last, when all install rules are known.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME faultline)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/DebianTree.cmake)
# The builder of the package may name who answers for it: -DCPACK_PACKAGE_CONTACT="Name <address>".
if(NOT CPACK_PACKAGE_CONTACT)
  set(CPACK_PACKAGE_CONTACT "Faultline <faultline@localhost>")
endif()

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "runs the same record operations through every file I/O strategy")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "Positioned calls, streams, mapped views and windows, direct I/O, io_uring,
buffer pools and storage engines do the same work on the same data. Faultline
verifies every byte, counts page faults and device traffic, and says which
strategy is faster, by how much, and how surely.

It also records what a program does to its files and replays that, finds the
value of a parameter at which the best strategy changes, and cuts the power.")

# The libraries are found in the program. What only some commands need is recommended, not demanded: without Python all
# commands but `report` work, on a server that draws no pages; without strace all but `trace record`. Each command says
# which package it misses.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "python3, python3-jinja2, python3-jsonschema, python3-matplotlib, strace")
# For strategies of one's own, and for the other file systems of `powercut`.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "btrfs-progs, cmake, g++, xfsprogs")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/cmake/debian/postinst
                                       ${PROJECT_SOURCE_DIR}/cmake/debian/prerm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

include(CPack)
