#!/usr/bin/env docker
# escape=\
# escape=`
FROM a
