"""Rules as data: the pattern language, the matcher, and what a file of rules says about one mail.

tokens      cuts a text into words and sentences, each with its place in the original
inflection  which word forms belong together, per language
syntax      reads one pattern as a support lead writes it
automaton   reads sentences through the graph of all patterns, with a look-up per word
pattern     turns many patterns into one matcher, linear in the text (start here)
"""
