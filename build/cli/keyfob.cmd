@echo off
rem The command line of an installed Keyfob. It runs on the system's own Node: the one inside the app
rem takes no programs.
where /q node
if errorlevel 1 (
  echo keyfob: there is no Node here to run on. Install Node 20.19 or newer from https://nodejs.org, and see that node is on the PATH. 1>&2
  exit /b 1
)
node -r "%~dp0check-node.cjs" "%~dp0keyfob.js" %*
exit /b %errorlevel%
