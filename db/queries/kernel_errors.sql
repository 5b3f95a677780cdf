-- How good are the kernels? Per channel: how many of each status, and the worst Monte Carlo error with its mass.
--
-- Parameters (NULL or not given: the default):
--   :experiment   which one (default: all)
-- Closed and outside kernels have no error. Calls no function of the program, so it also runs in the sqlite3 shell.
SELECT experiment, model, production, variant, settings, decay, region, count(*) AS n_kernel,
       count(*) FILTER (WHERE status = 'ok') AS n_ok, count(*) FILTER (WHERE status = 'precision') AS n_precision, count(*) FILTER (WHERE status = 'closed') AS n_closed,
       count(*) FILTER (WHERE status = 'outside') AS n_outside,
       avg(iif(status IN ('closed', 'outside'), NULL, error)) AS mean_error,
       max(iif(status IN ('closed', 'outside'), NULL, error)) AS worst_error,
       mass_gev AS worst_mass_gev -- SQLite takes it from the row of the maximum
FROM v_kernel
WHERE (:experiment IS NULL OR experiment = :experiment)
GROUP BY experiment, model, production, variant, settings, decay, region
ORDER BY worst_error DESC, experiment, model, production, variant, settings, decay, region;
