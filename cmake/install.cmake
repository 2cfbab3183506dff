# find_package(bijou) after `cmake --install`.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/bijou)
install(TARGETS bijou EXPORT bijou FILE_SET HEADERS)
install(EXPORT bijou NAMESPACE bijou:: FILE bijou-targets.cmake DESTINATION ${package_dir})
write_basic_package_version_file(bijou-config-version.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES cmake/bijou-config.cmake ${PROJECT_BINARY_DIR}/bijou-config-version.cmake DESTINATION ${package_dir})
