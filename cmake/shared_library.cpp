// CMake wants a source; the library is made of the folder libraries.
