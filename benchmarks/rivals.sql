-- What networked transfers are measured against, written for this benchmark alone.
--
-- bare: the least a transfer can be: two balances, two entries, one function; no rights, no
--   units, no log. A limit, not a ledger.
-- pgledger: the shape that pgledger (https://github.com/pgr0ss/pgledger, MIT) publishes of a
--   transfer, written anew from its description: both accounts locked in order, two running
--   balances with a version, limits checked, a transfer row and two entries that each keep the
--   balance before and after. Its text identifiers, metadata and currency checks are left out,
--   which favours it.
-- undp: the pattern of the UNDP carbon registry's ledger on PostgreSQL: the newest row of a
--   project is read in one transaction, decided on by the program, and the next row inserted in
--   another, without a lock or an index.
CREATE SCHEMA bare;
CREATE TABLE bare.account (id bigint PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0))
WITH (fillfactor = 50);
CREATE TABLE bare.entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account_id bigint NOT NULL,
    amount bigint NOT NULL);
CREATE FUNCTION bare.transfer(source bigint, target bigint, amount bigint) RETURNS void
LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM 1 FROM bare.account WHERE id IN (source, target) ORDER BY id FOR UPDATE;
    UPDATE bare.account SET balance = balance - amount WHERE id = source;
    UPDATE bare.account SET balance = balance + amount WHERE id = target;
    INSERT INTO bare.entry (account_id, amount) VALUES (source, -amount), (target, amount);
END $body$;
INSERT INTO bare.account SELECT n, 1000000000 FROM generate_series(1, 1000) n;

CREATE SCHEMA pgledger;
CREATE TABLE pgledger.account (
    id bigint PRIMARY KEY, name text NOT NULL, currency text NOT NULL, balance numeric NOT NULL,
    version bigint NOT NULL DEFAULT 0, allow_negative boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE pgledger.transfer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    from_account_id bigint NOT NULL REFERENCES pgledger.account,
    to_account_id bigint NOT NULL REFERENCES pgledger.account,
    amount numeric NOT NULL CHECK (amount > 0), created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (from_account_id <> to_account_id));
CREATE TABLE pgledger.entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES pgledger.account,
    transfer_id bigint NOT NULL REFERENCES pgledger.transfer, amount numeric NOT NULL,
    previous_balance numeric NOT NULL, current_balance numeric NOT NULL,
    account_version bigint NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON pgledger.transfer (from_account_id);
CREATE INDEX ON pgledger.transfer (to_account_id);
CREATE INDEX ON pgledger.entry (account_id);
CREATE INDEX ON pgledger.entry (transfer_id);
CREATE FUNCTION pgledger.move(account_is bigint, transfer_is bigint, change numeric) RETURNS void
LANGUAGE plpgsql AS $body$
DECLARE
    now_is pgledger.account;
BEGIN
    UPDATE pgledger.account
    SET balance = balance + change, version = version + 1, updated_at = now()
    WHERE id = account_is RETURNING * INTO now_is;
    IF now_is.balance < 0 AND NOT now_is.allow_negative THEN
        RAISE EXCEPTION 'account % may not be negative', account_is;
    END IF;
    INSERT INTO pgledger.entry (
        account_id, transfer_id, amount, previous_balance, current_balance, account_version)
    VALUES (account_is, transfer_is, change, now_is.balance - change, now_is.balance, now_is.version);
END $body$;
CREATE FUNCTION pgledger.create_transfer(source bigint, target bigint, amount numeric)
RETURNS bigint LANGUAGE plpgsql AS $body$
DECLARE
    made bigint;
BEGIN
    PERFORM 1 FROM pgledger.account WHERE id IN (source, target) ORDER BY id FOR UPDATE;
    INSERT INTO pgledger.transfer (from_account_id, to_account_id, amount)
    VALUES (source, target, amount) RETURNING id INTO made;
    PERFORM pgledger.move(source, made, -amount);
    PERFORM pgledger.move(target, made, amount);
    RETURN made;
END $body$;
INSERT INTO pgledger.account (id, name, currency, balance, allow_negative)
SELECT n, 'account ' || n, 'UNIT', 1000000000, false FROM generate_series(1, 1000) n;

CREATE SCHEMA undp;
CREATE TABLE undp.event (hash serial, data jsonb NOT NULL);
