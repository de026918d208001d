# What `cmake --install` puts where, and the .deb made of it.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
if(NOT TARGET beholder_shared)
  return()
endif()

install(TARGETS beholder_shared EXPORT beholderTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/beholder DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT beholderTargets NAMESPACE beholder:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/beholder)
configure_package_config_file(cmake/beholderConfig.cmake.in beholderConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/beholder)
# While the major version is 0, a minor version may break programs.
write_basic_package_version_file(beholderConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/beholderConfig.cmake ${CMAKE_BINARY_DIR}/beholderConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/beholder)
# Both find their prefix from where they lie, so that an installed copy may be moved, and
# `cmake --install --prefix` may name another prefix than the one configured.
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" OR IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
  set(pc_prefix "${CMAKE_INSTALL_PREFIX}")
  set(pc_libdir "${CMAKE_INSTALL_FULL_LIBDIR}")
  set(pc_includedir "${CMAKE_INSTALL_FULL_INCLUDEDIR}")
else()
  file(RELATIVE_PATH pc_up "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
  string(REGEX REPLACE "/$" "" pc_up "${pc_up}")
  set(pc_prefix "\${pcfiledir}/${pc_up}")
  set(pc_libdir "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
  set(pc_includedir "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()
configure_file(cmake/beholder.pc.in beholder.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/beholder.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(DIRECTORY models/beholder DESTINATION ${CMAKE_INSTALL_DATADIR}/beholder/models)
if(TARGET beholder)
  install(TARGETS beholder RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(FILES docs/man/beholder.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES packaging/completions/beholder.bash
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME beholder)
  install(FILES packaging/completions/_beholder
          DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
  install(FILES packaging/completions/beholder.fish
          DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()
install(FILES LICENSE CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME beholder)
set(CPACK_PACKAGE_CONTACT "The Beholder authors <beholder@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Answers questions about pictures")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Found when running, not when linking: the BLAS behind libtorch, and WordNet for the measures.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libopenblas0-openmp")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "wordnet-base")
set(CPACK_STRIP_FILES ON)
include(CPack)
