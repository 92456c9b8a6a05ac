# check=skip=a;nope
# unknown=1
# escape=`
#=x
# empty=

FROM a
