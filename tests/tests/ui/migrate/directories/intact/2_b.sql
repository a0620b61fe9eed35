-- renewa:txmode none

SELECT '\n"#";';
