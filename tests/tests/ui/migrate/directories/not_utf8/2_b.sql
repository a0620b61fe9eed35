SELECT
'ä';
