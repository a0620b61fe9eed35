-- roles: "Pairs ""app"".x"
-- both
CREATE TABLE "T.t" ("a,b" integer);
-- from
GRANT SELECT ON "T.t" TO "Pairs ""app"".x";
-- to
GRANT SELECT ("a,b"), INSERT ON "T.t" TO "Pairs ""app"".x";
