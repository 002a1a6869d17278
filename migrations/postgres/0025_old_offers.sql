-- Offers whose order is still there, by the end of their time: what is to be forgotten is found without a look at the rest.
CREATE INDEX quotes_kept ON quotes (expires_at) WHERE LENGTH(sealed) > 0;
