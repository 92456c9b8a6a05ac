FROM a \
  AS \

  # a comment between

  b # no comment
	# indented comment   
RUN one \
# at once
   # later
  two \   
  three\\
RUN four \	
	five

   
LABEL a=b \
