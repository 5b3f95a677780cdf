-- What limits the reach? The factors of every channel's signal, and the smallest of them.
--
--   n_made       X that would decay to this state, anywhere: pot chi_per_pot kappa BR
--   reach_decay  mean probability that X decays between the ends of the volume (lifetime, boost)
--   trigger      trigger and selection efficiency
--   acceptance   geometry and cuts
--   limited_by   'production' if fewer than :n_wanted are made at all, otherwise the smallest factor
-- Their product is the signal.
--
-- Parameters (NULL or not given: the default):
--   :experiment, :benchmark, :decay   which ones (default: all)
--   :n_wanted                         events needed (default: 2.303, 90% CL without background)
-- Needs stored yields of a benchmark; calls no function of the program, so it also runs in the sqlite3 shell.
SELECT experiment, benchmark, mass_gev, coupling, model, production, variant, decay, region, n_made, reach_decay,
       trigger, acceptance, signal,
       CASE WHEN n_made < coalesce(:n_wanted, 2.303) THEN 'production'
            WHEN reach_decay <= min(trigger, acceptance) THEN 'decay volume'
            WHEN acceptance <= trigger THEN 'acceptance'
            ELSE 'trigger' END AS limited_by
FROM (SELECT *, pot * chi_per_pot * iif(n_events > 0, signal / n_events, 0.0) AS n_made FROM v_yield)
WHERE benchmark <> '' AND n_events > 0
  AND (:experiment IS NULL OR experiment = :experiment)
  AND (:benchmark IS NULL OR benchmark = :benchmark)
  AND (:decay IS NULL OR decay = :decay)
ORDER BY experiment, benchmark, mass_gev, coupling, signal DESC, production, variant, decay, region;
