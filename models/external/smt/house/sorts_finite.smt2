; The sorts for samples: names, reasons (ranks of the reasons of one sample) and masks are bit
; patterns.
(define-sort Region () (_ BitVec 2))
(define-sort Task () (_ BitVec 3))
(define-sort Obligation () (_ BitVec 2))
(define-fun root () Region #b00)

(define-sort Reason () (_ BitVec 6))
(define-fun no_reason () Reason #b000000)
(define-fun stronger ((a Reason) (b Reason)) Bool (bvugt a b))

(define-sort Mask () (_ BitVec 3))
(define-fun max_mask () Mask #b100)
(define-fun unmasked () Mask #b000)
(define-fun one_less ((m Mask)) Mask (bvsub m #b001))
(define-fun fewer ((a Mask) (b Mask)) Bool (bvult a b))
(define-fun mask_in_bound ((m Mask)) Bool (bvule m max_mask))
