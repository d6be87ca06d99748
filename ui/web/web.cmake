# The web app: npm ci where the lock changed, vite where a source changed; the result lies in <build>/share/console.
find_program(NPM npm)
set(WEB ${CMAKE_CURRENT_LIST_DIR})
set(WEB_OUT ${CMAKE_BINARY_DIR}/share/console)
if(NOT NPM)
  message(STATUS "npm is not there: the console will have no pages (install npm, or run ./run, which does)")
  return()
endif()
file(GLOB_RECURSE WEB_SOURCES CONFIGURE_DEPENDS ${WEB}/src/*.ts ${WEB}/src/*.tsx ${WEB}/src/*.css ${WEB}/public/*)
add_custom_command(OUTPUT ${WEB}/node_modules/.package-lock.json
  COMMAND ${NPM} ci --no-audit --no-fund --loglevel=error
  COMMAND ${CMAKE_COMMAND} -E touch ${WEB}/node_modules/.package-lock.json
  DEPENDS ${WEB}/package-lock.json ${WEB}/package.json
  WORKING_DIRECTORY ${WEB} COMMENT "Fetching what the web app is built from" VERBATIM)
add_custom_command(OUTPUT ${WEB_OUT}/index.html
  COMMAND ${NPM} run --silent build -- --outDir ${WEB_OUT} --emptyOutDir --logLevel warn
  DEPENDS ${WEB}/node_modules/.package-lock.json ${WEB}/index.html ${WEB}/vite.config.ts ${WEB}/tsconfig.json ${WEB_SOURCES}
  WORKING_DIRECTORY ${WEB} COMMENT "Building the web app" VERBATIM)
add_custom_target(web ALL DEPENDS ${WEB_OUT}/index.html)
