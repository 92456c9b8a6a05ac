# Prints the page: a version, a greeting and the sorted words.
echo "<h1>naru demo $1</h1>"
cat src/parts/greeting.txt
while read -r word; do echo "<li>$word</li>"; done < sorted.txt
