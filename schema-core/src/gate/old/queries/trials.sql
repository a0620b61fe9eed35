DO $trials$
DECLARE
    trial json;
    step text;
    answer text;
    state text;
    message text;
    col text;
    con text;
    outcomes json[] := '{}';
BEGIN
    FOR trial IN SELECT value FROM json_array_elements(current_setting('migrate.trials')::json) LOOP
        BEGIN
            FOR step IN SELECT value FROM json_array_elements_text(trial -> 'run') LOOP
                EXECUTE step;
            END LOOP;
            SET CONSTRAINTS ALL IMMEDIATE;
            answer := NULL;
            IF trial ->> 'read' IS NOT NULL THEN
                EXECUTE trial ->> 'read' INTO answer;
            END IF;
            -- Undoes the trial, and keeps the answer.
            RAISE EXCEPTION USING ERRCODE = 'UNDO0', MESSAGE = coalesce(answer, '');
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS
                state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, col = COLUMN_NAME,
                con = CONSTRAINT_NAME;
            outcomes := outcomes || json_build_object(
                'state', state, 'message', message, 'column', col, 'constraint', con);
        END;
    END LOOP;
    PERFORM set_config('migrate.trials', array_to_json(outcomes)::text, true);
END $trials$
