namespace Ops.Kernels;

/// <summary>What becomes of finished tiles.</summary>
internal unsafe interface ITileSink
{
    /// <summary>Fetches what a tile about to be computed will be written to, if the sink writes it far away.</summary>
    /// <param name="row">The first place of the sorted order.</param>
    /// <param name="rows">How many rows the tile has.</param>
    /// <param name="panel">The panel of columns.</param>
    void Prefetch(int row, int rows, int panel);

    /// <summary>Takes a row of tiles.</summary>
    /// <param name="group">The group.</param>
    /// <param name="row">The first place of the sorted order.</param>
    /// <param name="rows">How many rows each tile has.</param>
    /// <param name="panel">The panel of columns of the first tile.</param>
    /// <param name="count">How many tiles, each of the next panel.</param>
    /// <param name="tiles">The first tile.</param>
    /// <param name="step">From one tile to the next.</param>
    void Finish(int group, int row, int rows, int panel, int count, float* tiles, int step);
}
