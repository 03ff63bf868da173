"""What the program can do, one file per thing that happens.

intake      a mail is kept, read, judged, put with its case, and answered with a draft
drafting    a letter is proposed for a complaint
review      an agent edits, approves or rejects one exact revision
sending     an approved letter leaves, at most once
contact     the customer has been reached: promises settle, drafts retire, the case moves on
promising   a promise is made, confirmed, moved, settled or withdrawn
watching    what falls due is raised as an alert, and told until somebody answers
casework    a case is opened by telephone, marked, assigned, closed, merged, split
accounts    where every mail went; the counts must balance
looking     a read-only look at a team's own past
"""
