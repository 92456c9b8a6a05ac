# syntax=docker/dockerfile:1
  #  ESCAPE = ` 
# check=skip=all;error=true
# note
# syntax=again
FROM a` 
  b
