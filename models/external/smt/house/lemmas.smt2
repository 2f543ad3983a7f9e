; What the invariants need besides themselves. README.md tells why each is needed; a test shows what
; fails without it.

; a Finalizing region has no live body task
(define-fun lemma.finalizing_has_no_body () Bool
  (forall ((t Task)) (=> (and (t.live t) (= (r.phase (t.owner t)) r.Finalizing)) (t.finalizer t))))
; a Finalizing region has no live child region
(define-fun lemma.finalizing_has_no_child () Bool
  (forall ((r Region) (c Region))
    (=> (and (= (r.phase r) r.Finalizing) (r.parent c r)) (not (r.live c)))))
; a name on a stack has no row yet, and stands on the stack of one region, which exists
(define-fun lemma.stacked_is_absent () Bool
  (and (forall ((r Region) (t Task)) (=> (r.stack r t) (and (= (t.phase t) t.Absent) (r.exists r))))
       (forall ((r Region) (q Region) (t Task)) (=> (and (r.stack r t) (r.stack q t)) (= r q)))))
; a task's region has a row, also when the task has ended
(define-fun lemma.owners_exist () Bool
  (forall ((t Task)) (=> (t.exists t) (r.exists (t.owner t)))))
; links lead to regions that have rows
(define-fun lemma.links_exist () Bool
  (and (forall ((c Region) (p Region)) (=> (r.parent c p) (and (r.exists c) (r.exists p))))
       (forall ((d Region) (a Region)) (=> (r.below d a) (and (r.exists d) (r.exists a))))))
; no region is its own parent
(define-fun lemma.parents_are_others () Bool (forall ((r Region)) (not (r.parent r r))))
; below is transitive
(define-fun lemma.below_is_transitive () Bool
  (forall ((d Region) (m Region) (a Region))
    (=> (and (r.below d m) (r.below m a)) (r.below d a))))
; below has no cycles
(define-fun lemma.below_is_antisymmetric () Bool
  (forall ((d Region) (a Region)) (=> (and (r.below d a) (r.below a d)) (= d a))))
; below is reflexive on rows
(define-fun lemma.below_is_reflexive () Bool
  (forall ((r Region)) (=> (r.exists r) (r.below r r))))
; a row stands below its parent
(define-fun lemma.rows_stand_below_parents () Bool
  (forall ((c Region) (p Region)) (=> (r.parent c p) (r.below c p))))
; whatever stands strictly below a region stands below one of its children
(define-fun lemma.below_goes_through_a_child () Bool
  (forall ((d Region) (a Region)) (=> (and (r.below d a) (distinct d a))
    (exists ((c Region)) (and (r.parent c a) (r.below d c))))))
; whatever a row stands strictly below, its parent stands below
(define-fun lemma.below_goes_through_the_parent () Bool
  (forall ((d Region) (p Region) (a Region))
    (=> (and (r.below d a) (distinct d a) (r.parent d p)) (r.below p a))))
; every row but the root's has a parent
(define-fun lemma.rows_have_parents () Bool
  (forall ((r Region)) (=> (and (r.exists r) (distinct r root))
    (exists ((p Region)) (r.parent r p)))))
; nothing live stands below a region that is not live
(define-fun lemma.live_only_below_live () Bool
  (forall ((d Region) (a Region)) (=> (and (r.below d a) (r.live d)) (r.live a))))
; the count of leaks stays within its numbers
(define-fun lemma.leak_count_is_bounded () Bool (not (below_count most_leaks leaks.count)))
; the universal half of inv.region.outcome_joined: a region's outcome is as bad as any of its tasks'
(define-fun lemma.outcome_covers_tasks () Bool
  (forall ((t Task)) (=> (= (t.phase t) t.Completed)
    (at_least_as_bad (r.outcome (t.owner t)) (t.outcome t)))))
