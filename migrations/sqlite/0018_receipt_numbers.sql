-- The bank's number of the operation in three parts, each under a keyed hash: a receipt that looks like another one of its bank and
-- has another number is another receipt, while one misread letter does not make it one. Receipts of before have none.
ALTER TABLE receipt_prints ADD COLUMN operation_parts TEXT;
