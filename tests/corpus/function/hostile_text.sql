-- from
CREATE FUNCTION "F.1"("A b" integer) RETURNS text LANGUAGE sql AS $x$ SELECT '$function$ $$ \ ''' $x$;
-- to
CREATE FUNCTION "F.1"("A b" integer, "c""d" text DEFAULT 'e''f') RETURNS text LANGUAGE sql AS $x$ SELECT '$function$ $$ \n ;''' $x$;
CREATE FUNCTION "select"() RETURNS text LANGUAGE plpgsql AS $x$
DECLARE "from" text; -- ';
BEGIN
    EXECUTE $y$ SELECT 'ü' $y$ INTO "from";
    RETURN "from"; /* end; */
END;
$x$;
