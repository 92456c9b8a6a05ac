# escape=`
ARG A=1
FROM b
ARG A
RUN `$A $A `
  $A "`"$A" 'unclosed $A
ENV D=`
 $A
