FROM triggers AS first
ENV A=1
FROM first AS second
ONBUILD RUN mine
FROM second
RUN last
