-- Where do the numbers come from? One row per run: program, seed, card, inputs, and what is left of it in the file.
--
-- Parameters (NULL or not given: the default):
--   :experiment   which one (default: all)
-- Calls no function of the program, so it also runs in the sqlite3 shell. The plan of a run in full: column `plan` of
-- table run; the card: column `card` of table experiment.
SELECT experiment, run, program_version, source_commit, compiler, build_type, pdg_edition, seed, precision, max_points,
       card_hash,
       (SELECT group_concat(name || ' ' || hash, ', ') FROM (SELECT * FROM input WHERE input.run = run.run
                                                             ORDER BY name)) AS inputs,
       (SELECT count(*) FROM kernel WHERE kernel.run = run.run) AS n_kernel,
       (SELECT count(*) FROM contour WHERE contour.run = run.run) AS n_contour,
       coalesce(end_utc, 'not finished') AS end_utc, command_line
FROM run JOIN experiment USING (experiment)
WHERE (:experiment IS NULL OR experiment = :experiment)
ORDER BY experiment, run;
