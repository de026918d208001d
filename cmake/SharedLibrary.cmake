# libbeholder.so: the inference folders and the C interface in one library. Its users see the headers
# of include/beholder and nothing of what it is made of. The program itself links the same static
# libraries, for its tools look inside.
add_library(beholder_shared SHARED ${CMAKE_SOURCE_DIR}/cmake/shared_library.cpp)
add_library(beholder::beholder ALIAS beholder_shared)
# While the major version is 0, a minor version may break programs.
set(soversion ${PROJECT_VERSION_MAJOR})
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(soversion 0.${PROJECT_VERSION_MINOR})
endif()
set_target_properties(beholder_shared PROPERTIES OUTPUT_NAME beholder EXPORT_NAME beholder
                                                 VERSION ${PROJECT_VERSION} SOVERSION ${soversion})
# Everything of core, engine and capi, for nothing in the library calls what only users call; of the
# others what these need. Symbols that other libraries' templates bring along are kept in.
target_link_libraries(beholder_shared PRIVATE
  -Wl,--whole-archive $<TARGET_FILE:beholder_core> $<TARGET_FILE:beholder_engine>
  $<TARGET_FILE:beholder_capi> -Wl,--no-whole-archive
  beholder_engine beholder_capi)
# As options, not libraries: CMake then quotes a checkout's path with blanks.
target_link_options(beholder_shared PRIVATE -Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/exports.map
                                            -Wl,--no-undefined)
set_target_properties(beholder_shared PROPERTIES LINK_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/exports.map)
add_dependencies(beholder_shared beholder_core beholder_engine beholder_capi)
target_include_directories(beholder_shared PUBLIC $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include>
                                                  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(beholder_shared PUBLIC cxx_std_17)
