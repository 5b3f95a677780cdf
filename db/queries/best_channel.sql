-- Which channel gives most of the signal at each mass, and how much of it?
--
-- Parameters (NULL or not given: the default):
--   :experiment, :benchmark   which ones (default: all)
--   :coupling                 on the axis of the benchmark (default: at each mass where the total signal is largest)
-- Needs stored yields of a benchmark; calls no function of the program, so it also runs in the sqlite3 shell.
SELECT experiment, benchmark, mass_gev, coupling, model, production, variant, decay, region, signal, signal_err, share,
       status
FROM v_best_channel AS best
WHERE (:experiment IS NULL OR experiment = :experiment)
  AND (:benchmark IS NULL OR benchmark = :benchmark)
  AND CASE WHEN :coupling IS NULL
           THEN coupling = (SELECT coupling FROM v_total AS t
                            WHERE t.experiment = best.experiment AND t.benchmark = best.benchmark
                              AND t.mass_gev = best.mass_gev
                            ORDER BY signal DESC, coupling LIMIT 1)
           ELSE abs(coupling / :coupling - 1) < 1e-9 END -- numbers typed by hand
ORDER BY experiment, benchmark, mass_gev;
